"""Scrapy settings: all wiring; ITEM_PIPELINES is the table of contents."""

from scrapy.settings import default_settings

from monitor.config import load_config
from monitor.urlparts import MAX_URL

_config = load_config()

BOT_NAME = "border-monitor"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

# Consoles on open ports: left out of the base, for what is only switched off is imported all the same.
_CONSOLES = {"scrapy.extensions.telnet.TelnetConsole", "scrapy.extensions.remote_control.RemoteControl"}
EXTENSIONS_BASE = {name: order for name, order in default_settings.EXTENSIONS_BASE.items() if name not in _CONSOLES}
EXTENSIONS = {
    "monitor.guard.AddressGuard": 50,
    "monitor.workspace.Workspace": 100,
    "monitor.bookkeeping.Bookkeeping": 200,
    "monitor.progress.ProgressDisplay": 300,
}
ITEM_PIPELINES = {
    "pipelines.extract.ExtractPipeline": 100,
    "pipelines.language.LanguagePipeline": 200,
    "pipelines.relevance.RelevancePipeline": 300,
    "pipelines.tag.TagPipeline": 400,
    "pipelines.claims.ClaimsPipeline": 500,
    "pipelines.deduplicate.DeduplicatePipeline": 600,
    "pipelines.store.StorePipeline": 700,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "monitor.robots.RobotsMiddleware": 100,
    "monitor.patience.PatienceMiddleware": 900,
}

# Where the parts find the store and the seeds; the command line overrides them.
MONITOR_DB = str(_config.db)
MONITOR_SEEDS = str(_config.seeds)

# Services that stories are looked for in; a test, a mirror or a proxy stands in for them here.
TELEGRAM_BASE = "https://t.me"
GDELT_URL = "https://api.gdeltproject.org/api/v2/doc/doc"
GDELT_PAUSE = 6.0  # seconds between two requests; it allows one every five
RELIEFWEB_URL = "https://api.reliefweb.int/v2/reports"

# A guest: says who it is, obeys robots.txt, one request at a time and a pause per host.
USER_AGENT = _config.user_agent
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME
CONCURRENT_REQUESTS = _config.concurrency
CONCURRENT_ITEMS = 1  # of one response, which holds one page; more are only prepared for, at a cost
# Bytes of pages that wait for the readers before no more are fetched: fifty of them, for relevant ones come together.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 16 * 1024 * 1024
WARN_ON_GENERATOR_RETURN_VALUE = False  # would parse the source of a callback for each response
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = _config.delay
DOWNLOAD_TIMEOUT = _config.timeout
HOST_SECONDS = _config.host_minutes * 60
CLOSESPIDER_TIMEOUT = _config.run_minutes * 60
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
# What fails is tried again in a later run, after a growing pause (the ledger); only a lost connection at once.
RETRY_TIMES = 1
RETRY_HTTP_CODES: list[int] = []
RETRY_EXCEPTIONS = ["scrapy.exceptions.DownloadFailedError", "scrapy.exceptions.ResponseDataLossError"]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"

# The web is hostile: bounded sizes, no way to files, no ports that run code, no proxy picked up from the environment.
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("http", "https"), "monitor.download.BoundedHandler"),
    **dict.fromkeys(("data", "file", "ftp", "s3"), None),
}
DOWNLOAD_MAXSIZE = int(_config.max_page_mib * 1024 * 1024)
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 8
METAREFRESH_ENABLED = False
HTTPPROXY_ENABLED = False
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
URLLENGTH_LIMIT = MAX_URL

LOG_LEVEL = "WARNING"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"
ALLOW_PRIVATE_HOSTS = False
ALLOW_ADDRESSES = _config.allow_addresses
PROGRESS_ENABLED = False
STATS_DUMP = False
FEED_EXPORT_ENCODING = "utf-8"

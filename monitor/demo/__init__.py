"""The demo newswire: invented outlets served on loopback, so that the whole job runs without the internet."""

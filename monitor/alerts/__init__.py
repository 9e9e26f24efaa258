"""Alerts: rules decide what to tell, an outbox in the store keeps it, delivery sends it through channels.

``outbox.queue_alerts`` writes alerts in the transaction that found their cause; ``delivery.deliver`` sends them, at
any later time, at least once a channel. ``docs/alerts.md`` explains all of it to users.
"""

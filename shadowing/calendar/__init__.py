"""iCalendar (RFC 5545, 5546): the parts of messages and the feeds people subscribe to."""

"""Pages and consents that bind: read, written anew, looked at before they are published."""

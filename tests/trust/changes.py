"""What a statement changes."""

import re

WRITES = re.compile(r"\b(INSERT (OR \w+ )?INTO|UPDATE \S+ SET|DELETE FROM)\b", re.IGNORECASE)

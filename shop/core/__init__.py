"""What every part of the shop stands on: time, money, rows, forms, mail and the answers to errors."""

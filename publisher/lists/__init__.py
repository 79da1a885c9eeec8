"""Lists of operations: their canonical record, how a table is mapped onto it, and how it becomes statements."""

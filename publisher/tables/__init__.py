"""Table files (CSV, XLSX, ODS, JSON, packed or not) to rows of cells that know their place."""

# breaks: pfs:Source-publisher
DELETE { source:register dct:publisher ?value }
INSERT { source:register dct:publisher organisation:bare . organisation:bare foaf:name "Tyypitön"@fi }
WHERE { source:register dct:publisher ?value }

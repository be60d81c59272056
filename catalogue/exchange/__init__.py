"""Entries as a table: CSV and XLSX in, CSV, XLSX and JSON out, by command, from admin and on the site.

columns    what each column means, both ways
lookups    from what somebody wrote (a code, a name, a synonym) to the row it means
tables     opening an uploaded file
planning   from a row of a file to what it would change
writing    putting planned rows into the database, many at a time
documents  search documents, many at a time
importing  a whole file in one transaction, with a report
exporting  entries as rows and files
runs       imports from admin: kept, checked, confirmed, run as jobs
"""

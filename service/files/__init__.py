"""Files: workbooks read and written safely, and a sealed shelf under the data directory for what is uploaded."""

"""What is written to the person about her application: the acknowledgement, the request for pieces, the decision; nothing is sent here."""

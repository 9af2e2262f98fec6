"""Record of processing of each organisation (GDPR art. 30), generated from the texts in force and the registry of personal data."""

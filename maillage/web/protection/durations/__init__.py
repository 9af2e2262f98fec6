"""The pages on which an organisation says how long it keeps the files of closed cases."""

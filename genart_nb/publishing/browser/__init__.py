"""The starter painter in a reader's browser, with no server: what a page needs of it, and how it is packed."""

"""What the bureau and the sections mend in time: pages to read again, without engagement, images, broken links."""

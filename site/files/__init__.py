"""Files that people send: checked by content, pictures made anew, read only after whoever holds them said yes."""

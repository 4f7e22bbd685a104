"""Every screen up to date: hub, socket, catch-up by HTTP. Reads streams and knows nothing of what they show.

The database is the only truth; frames carry absolute state with positions, so that losing one, or hearing it twice,
changes nothing. `docs/comprendre/temps-reel.md` tells the protocol as built.
"""

from __future__ import annotations
import asyncio, time
import pytest

def test_one(site, member, run):
    topic = site.topic(member)
    async def go():
        f = site.follower([f"topic:{topic}"]).start()
        m = site.follower([f"topic:{topic}"], member).start()
        await f.until(lambda: f.frames["snap"] > 0)
        t = time.monotonic()
        await site.reply(topic, member, "Bonjour")
        print("posted", time.monotonic() - t)
        await f.until(lambda: len(f.state[f"topic:{topic}"]) == 3)
        print("seen", time.monotonic() - t)
        assert await site.snapshot(f"topic:{topic}", member) == f.state[f"topic:{topic}"]
        print(f.told(), m.told())
        await f.stop(); await m.stop()
    run(go())

// One line per browser for all tabs of the same person: the tab that holds the lock has it and passes frames on.
// Where a browser knows no locks or channels, each tab has a line of its own.

import { Line } from './line.js';

const ALIVE = 20000; // a tab says what it wants again; one that did not for three times as long is forgotten

// wants(): {stream: position or null} of this tab; heard(frame); state(name, frame)
export function join({ who, release, epoch, wants, heard, state }) {
  const me = crypto.randomUUID ? crypto.randomUUID() : String(Math.random());
  const shared = Boolean(navigator.locks && window.BroadcastChannel);
  const channel = shared ? new BroadcastChannel(`club-line-${who}-${release}`) : null;
  const tabs = new Map(); // the leader's: tab → {streams, at}
  let line = null;

  // The lowest position that any tab needs: what others know already they ignore.
  function positions() {
    const lowest = {};
    const limit = Date.now() - 3 * ALIVE;
    for (const [tab, wanted] of tabs) {
      if (tab !== me && wanted.at < limit) { tabs.delete(tab); continue; }
      for (const [stream, position] of Object.entries(tab === me ? wants() : wanted.streams)) {
        if (!(stream in lowest)) lowest[stream] = position;
        else if (position === null || lowest[stream] === null) lowest[stream] = null;
        else lowest[stream] = Math.min(lowest[stream], position);
      }
    }
    return lowest;
  }

  // The other tabs' positions move with what they are passed.
  function follow(frame) {
    for (const [tab, wanted] of tabs) {
      if (tab === me) continue;
      if (frame.k === 'snap' && frame.s in wanted.streams) wanted.streams[frame.s] = frame.pos;
      else if ('to' in frame && frame.s in wanted.streams) {
        wanted.streams[frame.s] = Math.max(wanted.streams[frame.s] ?? 0, frame.to);
      } else if (frame.k === 'bye') delete wanted.streams[frame.s];
    }
  }

  function lead() {
    tabs.set(me, { streams: {}, at: Infinity });
    line = new Line({
      who, release, epoch, positions,
      heard(frame) { heard(frame); follow(frame); channel?.postMessage({ t: 'frame', frame }); },
      state(name, frame) { state(name, frame); channel?.postMessage({ t: 'state', name, frame }); },
    });
    channel?.postMessage({ t: 'lead' });
  }

  const say = () => {
    if (line) line.hello();
    else channel?.postMessage({ t: 'want', tab: me, streams: wants() });
  };

  if (!shared) {
    lead();
  } else {
    channel.onmessage = ({ data }) => {
      if (data.t === 'want' && line) {
        const known = tabs.get(data.tab);
        tabs.set(data.tab, { streams: data.streams, at: Date.now() });
        if (!known || JSON.stringify(known.streams) !== JSON.stringify(data.streams)) line.hello();
      } else if (data.t === 'gone' && line) tabs.delete(data.tab);
      else if (data.t === 'lead' && !line) say();
      else if (data.t === 'frame' && !line) heard(data.frame);
      else if (data.t === 'state' && !line) state(data.name, data.frame);
    };
    navigator.locks.request(`club-line-${who}-${release}`, () => { lead(); return new Promise(() => {}); });
    say();
    setInterval(() => { if (!line) say(); }, ALIVE);
    addEventListener('pagehide', () => { channel.postMessage({ t: 'gone', tab: me }); });
  }
  return { say, stop() { line?.stop(); } };
}

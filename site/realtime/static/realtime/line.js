// One line to the site: a socket with acknowledgements and jittered reconnection, or plain polling where sockets fail.
// Knows no page: it is told which streams from where, and says each frame it hears.

const FIRST_FRAME = 5000; // no frame in that time: this network lets no socket through
const DEAD = 40000; // nothing for so long on an open socket: half-open wifi (browsers hide pings)
const TRY_AGAIN = 120000; // while polling, a socket is tried again every two minutes
const POLL = 5000;
const POLL_HIDDEN = 30000;
const ACK_EVERY = 4; // half the server's window of eight, so that it never closes on a client that keeps up
const ACK_SIZE = 16384; // characters: a quarter of the window of 64 Ki, which a few long frames fill
const ACK_LATEST = 5000;

const browser = (() => {
  try {
    const kept = localStorage.getItem('club-browser') || crypto.randomUUID();
    localStorage.setItem('club-browser', kept);
    return kept;
  } catch { return ''; }
})();

export class Line {
  // positions(): {stream: position or null}; heard(frame); state(name, frame): live, polling, away, or over with why
  constructor({ who, release, epoch, positions, heard, state }) {
    Object.assign(this, { who, release, epoch, positions, heard, state });
    this.failures = 0;
    this.stopped = false;
    this.wake = () => { if (!document.hidden) this.hurry(); };
    this.lost = () => { this.drop(); this.failed(); }; // the browser knows it before any silence tells
    addEventListener('online', this.wake);
    addEventListener('offline', this.lost);
    document.addEventListener('visibilitychange', this.wake);
    this.watch = setInterval(() => this.check(), 2500);
    this.connect();
  }

  stop() {
    this.stopped = true;
    clearInterval(this.watch);
    clearTimeout(this.timer);
    clearTimeout(this.pollTimer);
    removeEventListener('online', this.wake);
    removeEventListener('offline', this.lost);
    document.removeEventListener('visibilitychange', this.wake);
    this.drop();
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
  }

  connect() {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.drop();
    this.received = 0;
    this.acknowledged = 0;
    this.unsaid = 0;
    this.begun = Date.now();
    this.lastHeard = 0;
    this.bye = null;
    let socket;
    try { socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/`); }
    catch { this.failed(); return; }
    this.socket = socket;
    socket.onopen = () => this.hello();
    socket.onmessage = (event) => this.take(JSON.parse(event.data), event.data.length);
    socket.onclose = (event) => { this.socket = null; this.closed(event.code); };
  }

  hello() {
    if (this.socket?.readyState !== WebSocket.OPEN) { if (this.polling) this.poll(); return; }
    const said = { v: 1, k: 'hello', ep: this.epoch, rel: this.release, who: this.who, streams: this.positions() };
    if (browser) said.b = browser;
    this.socket.send(JSON.stringify(said));
  }

  take(frame, size) {
    this.lastHeard = Date.now();
    this.received += 1;
    this.unsaid += size;
    if (!this.ackTimer) this.ackTimer = setTimeout(() => this.ack(), ACK_LATEST);
    if (this.received - this.acknowledged >= ACK_EVERY || this.unsaid >= ACK_SIZE) this.ack();
    this.failures = 0;
    if (this.polling) this.endPolling();
    if (frame.ep) this.epoch = frame.ep;
    if (frame.k === 'bye' && !frame.s) { this.bye = frame; return; }
    this.state('live');
    this.heard(frame);
  }

  ack() {
    clearTimeout(this.ackTimer);
    this.ackTimer = null;
    if (this.socket?.readyState !== WebSocket.OPEN || this.received === this.acknowledged) return;
    this.acknowledged = this.received;
    this.unsaid = 0;
    this.socket.send(JSON.stringify({ v: 1, k: 'ack', n: this.received }));
  }

  closed(code) {
    if (code >= 4500 && code <= 4999) { this.state('over', this.bye || { code, why: '' }); return; }
    this.failed(this.bye?.retry_ms);
  }

  // Comes back after a random time, at most 2 s at first and 30 s at last; what the site asks for wins.
  failed(asked) {
    if (this.stopped) return;
    this.failures += 1;
    if (!this.polling && this.failures >= 2) this.beginPolling();
    else if (!this.polling) this.state('away');
    const cap = Math.min(30000, 2000 * 2 ** (this.failures - 1));
    const wait = this.polling ? TRY_AGAIN
      : asked?.length === 2 ? asked[0] + Math.random() * (asked[1] - asked[0]) : Math.random() * cap;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), wait);
  }

  check() {
    if (this.stopped || !this.socket) return;
    const now = Date.now();
    if ((!this.lastHeard && now - this.begun > FIRST_FRAME) || (this.lastHeard && now - this.lastHeard > DEAD)) {
      if (!this.lastHeard) this.failures = Math.max(this.failures, 1);
      this.drop();
      this.failed();
    }
  }

  hurry() {
    if (this.stopped) return;
    if (this.polling) { this.poll(); return; }
    if (!this.socket) this.connect();
    else if (this.lastHeard && Date.now() - this.lastHeard > DEAD) this.check();
  }

  beginPolling() {
    this.polling = true;
    this.tag = '';
    this.poll();
  }

  endPolling() {
    this.polling = false;
    clearTimeout(this.pollTimer);
  }

  pollLater() {
    clearTimeout(this.pollTimer);
    this.pollTimer = setTimeout(() => this.poll(), document.hidden ? POLL_HIDDEN : POLL);
  }

  async poll() {
    clearTimeout(this.pollTimer);
    if (!this.polling || this.stopped) return;
    const query = new URLSearchParams({ ep: this.epoch });
    const streams = Object.entries(this.positions());
    if (!streams.length) { this.pollLater(); return; } // nothing is left to follow
    for (const [stream, position] of streams) {
      query.append('s', position === null ? stream : `${stream}@${position}`);
    }
    const asked = query.toString();
    try {
      const headers = this.tag && asked === this.asked ? { 'If-None-Match': this.tag } : {};
      const answer = await fetch(`/flux/?${asked}`, { headers, cache: 'no-store', signal: AbortSignal.timeout(8000) });
      if (!this.polling || this.stopped) return;
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json();
        this.asked = asked;
        this.tag = told.frames.length ? '' : answer.headers.get('ETag') || ''; // asked again until all is taken in
        this.epoch = told.ep;
        for (const frame of told.frames) this.heard(frame);
        if (told.rel !== this.release) { this.state('over', { code: 4526, why: '' }); return; }
      }
      this.state('polling');
    } catch { this.state('away'); }
    this.pollLater();
  }
}

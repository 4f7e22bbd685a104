// What is near: under a discussion when one reads down to it; under a new title while it is typed, without holding it up.
const fetched = async (address, signal) => {
  const answer = await fetch(address, { signal });
  return answer.ok ? answer.text() : '';
};

const under = document.querySelector('[data-near]');
if (under) {
  new IntersectionObserver(async (entries, watcher) => {
    if (!entries.some((one) => one.isIntersecting)) return;
    watcher.disconnect();
    try {
      const part = await fetched(under.dataset.near);
      if (part.trim()) under.innerHTML = part;
      else under.remove();
    } catch { /* the link stays */ }
  }, { rootMargin: '400px' }).observe(under);
}

const box = document.querySelector('[data-near-title]');
const title = box?.closest('form')?.elements.title;
if (title) {
  const told = document.querySelector('[data-near-told]');
  let timer;
  let asking;
  const look = async () => {
    asking?.abort();
    asking = new AbortController();
    const words = title.value.trim();
    try {
      const part = words.length < 8 ? '' : await fetched(`${box.dataset.nearTitle}?titre=${encodeURIComponent(words)}`, asking.signal);
      box.innerHTML = part;
      const count = box.querySelectorAll('li').length;
      box.hidden = !count;
      const said = count ? `${count} ${count > 1 ? 'discussions ressemblent' : 'discussion ressemble'} à la vôtre` : '';
      if (told.textContent !== said) told.textContent = said;
    } catch { /* nothing is shown, one goes on writing */ }
  };
  title.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(look, 500); });
  if (title.value) look();
}

// Small behaviours of every page; each enhances HTML that works without it.

// The summary of errors takes the focus, and its links bring to the field itself.
const summary = document.querySelector('[data-error-summary]');
if (summary) summary.focus();

// On a narrow screen the menu and the search stand behind their buttons: a skip link to them opens them.
document.querySelector('.fr-skiplinks')?.addEventListener('click', (event) => {
  const target = document.querySelector(event.target.closest('a')?.hash || null);
  if (!target || getComputedStyle(target).visibility === 'visible') return;
  const opener = document.querySelector(`[aria-controls="${target.closest('.fr-modal')?.id}"]`);
  if (!opener) return;
  event.preventDefault();
  opener.focus();
  opener.click();
});

// The banner of a first start follows its job, and goes when all is there.
const job = document.querySelector('[data-job]');
if (job) {
  const about = job.closest('main') !== null; // this page is about the job: at its end it shows what it came to
  const again = async () => {
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' }, cache: 'no-store' });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const shown = document.querySelectorAll('[data-job]');
      const fresh = [...page.querySelectorAll('[data-job]')];
      shown.forEach((old, index) => {
        if (fresh[index]) old.replaceChildren(...fresh[index].childNodes);
        else old.remove();
      });
      if (fresh.length) setTimeout(again, 2500);
      else if (about) location.reload();
    } catch { setTimeout(again, 5000); }
  };
  setTimeout(again, 2500);
}

// A form sent twice by a double click is sent once (the operation id makes it harmless anyway).
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = 'yes';
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});

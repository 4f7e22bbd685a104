// Before the first paint: the theme the person chose, else the device's. DSFR's own module keeps the choice.
(function () {
  var root = document.documentElement;
  var scheme = 'system';
  try { scheme = localStorage.getItem('scheme') || 'system'; } catch (e) { /* no storage: the device decides */ }
  var dark = scheme === 'dark' || (scheme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-script', ''); // what only works without script hides before the first paint
  root.setAttribute('data-fr-scheme', scheme);
  root.setAttribute('data-fr-theme', dark ? 'dark' : 'light');
})();

// Sets theme and language before the first paint, so that nothing flashes. A file, because the content
// security policy allows no inline script.
(function () {
  var root = document.documentElement;
  var scheme = localStorage.getItem('ecluse.theme');
  if (scheme !== 'light' && scheme !== 'dark') {
    scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  root.setAttribute('data-mantine-color-scheme', scheme);
  var language = localStorage.getItem('ecluse.language') || navigator.language || 'en';
  root.lang = language.slice(0, 2) === 'fr' ? 'fr' : 'en';
})();

// Small things that a page does better with a script; each of them works without.
(function () {
  'use strict';

  var root = document.documentElement;
  root.classList.add('js');

  // A form that is on its way says so, and takes no second click. The server would bear it; people are calmer so.
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.hasAttribute('data-stay') || event.defaultPrevented) return;
    if (form.classList.contains('is-on-its-way')) {
      event.preventDefault();
      return;
    }
    form.classList.add('is-on-its-way');
    dropFragment();
    var button = event.submitter || form.querySelector('[type="submit"]');
    if (button) showBusy(button, true);
    // A page that answers by a file, or never, must not lock its form for ever.
    window.setTimeout(function () { release(form); }, 15000);
  });

  // A place on this page would take the focus from what the next page has to say.
  function dropFragment() {
    if (window.location.hash) window.history.replaceState(null, '', window.location.pathname + window.location.search);
  }

  // The page may come back from the browser's memory with its button still busy.
  window.addEventListener('pageshow', function () {
    Array.prototype.forEach.call(document.querySelectorAll('form.is-on-its-way'), release);
  });

  function release(form) {
    form.classList.remove('is-on-its-way');
    Array.prototype.forEach.call(form.querySelectorAll('.is-busy'), function (button) { showBusy(button, false); });
  }

  function showBusy(button, isBusy) {
    button.classList.toggle('is-busy', isBusy);
    if (isBusy) button.setAttribute('aria-disabled', 'true');
    else button.removeAttribute('aria-disabled');
    if (isBusy && !button.querySelector('.busy')) {
      var mark = document.createElement('span');
      mark.className = 'busy';
      mark.setAttribute('aria-hidden', 'true');
      button.insertBefore(mark, button.firstChild);
    }
  }

  document.addEventListener('click', function (event) {
    var button = closest(event.target, '[data-copy], [data-eye], [data-print]');
    if (!button) {
      closeFolds(event.target);
      return;
    }
    if (button.hasAttribute('data-copy')) copy(button);
    if (button.hasAttribute('data-eye')) turnEye(button);
    if (button.hasAttribute('data-print')) window.print();
  });

  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') return;
    var fold = closest(event.target, '.fold[open]');
    if (!fold) return;
    fold.open = false;
    fold.querySelector('summary').focus();
  });

  function closest(node, selector) {
    return node && node.closest ? node.closest(selector) : null;
  }

  function closeFolds(target) {
    Array.prototype.forEach.call(document.querySelectorAll('.fold[open]'), function (fold) {
      if (!fold.contains(target)) fold.open = false;
    });
  }

  function copy(button) {
    var done = button.parentNode.querySelector('.copy__done');
    putOnClipboard(button.getAttribute('data-copy'), function () {
      done.textContent = button.getAttribute('data-done');
      window.setTimeout(function () { done.textContent = ''; }, 3000);
    });
  }

  function putOnClipboard(text, then) {
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(then);
      return;
    }
    var field = document.createElement('textarea');
    field.value = text;
    field.className = 'visually-hidden';
    document.body.appendChild(field);
    field.select();
    if (document.execCommand('copy')) then();
    document.body.removeChild(field);
  }

  function turnEye(button) {
    var field = document.getElementById(button.getAttribute('aria-controls'));
    var isShown = field.type === 'password';
    field.type = isShown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(isShown));
  }

  // After a refused form the first thing to hear is what is wrong.
  var summary = document.querySelector('[data-focus]');
  if (summary) summary.focus();
}());

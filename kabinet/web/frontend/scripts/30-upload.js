// A file on its way says how much of it has arrived; the answer is what the form would have got without a script.
(function () {
  'use strict';

  if (!window.FormData || !window.DOMParser) return;

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (!form.hasAttribute('data-upload')) return;
    event.preventDefault();
    if (form.getAttribute('aria-busy') !== 'true') send(form);
  });

  function send(form) {
    var going = new XMLHttpRequest();
    var bar = form.querySelector('progress');
    going.upload.onprogress = function (event) { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    going.onload = function () { answer(form, going); };
    going.onerror = function () {
      turn(form, false);
      form.querySelector('[data-upload-lost]').hidden = false;
    };
    going.open('POST', form.action);
    going.setRequestHeader('X-Upload', 'by-script');
    turn(form, true);
    going.send(new FormData(form));
  }

  function turn(form, isOn) {
    var bar = form.querySelector('progress');
    // Without a value the bar shows that something goes on, until the first pieces have arrived.
    bar.removeAttribute('value');
    bar.hidden = !isOn;
    form.setAttribute('aria-busy', String(isOn));
    form.querySelector('[type="submit"]').setAttribute('aria-disabled', String(isOn));
    form.querySelector('[data-upload-lost]').hidden = true;
  }

  function answer(form, gone) {
    var next = gone.getResponseHeader('X-Upload-Leads-To');
    var page = new DOMParser().parseFromString(gone.responseText, 'text/html').querySelector('main');
    // Whoever was signed out meanwhile was led away.
    if (next || !page || gone.responseURL !== form.action) window.location.assign(next || gone.responseURL);
    else show(page);
  }

  function show(page) {
    var main = document.querySelector('main');
    main.innerHTML = page.innerHTML;
    (main.querySelector('[data-focus]') || main).focus();
  }
}());

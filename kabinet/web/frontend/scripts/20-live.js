// A piece of the page that was asked for and did not come: said where it would have stood, in the words of the page
// that came instead (an outage, a crowd). Nothing on the page is touched, so that what was typed stays.
(function () {
  'use strict';

  var words = document.querySelector('template[data-unanswered]');
  if (!words) return;

  document.addEventListener('htmx:responseError', function (event) { tell(event.detail); });
  document.addEventListener('htmx:sendError', function (event) { tell(event.detail); });
  document.addEventListener('htmx:afterSwap', forget);

  function tell(asked) {
    var note = said(asked.xhr);
    var told = document.querySelector('[data-unanswered-note]');
    // A page that asks each second says it once.
    if (told && told.textContent === note.textContent) return;
    forget();
    var place = asked.target && document.contains(asked.target) ? asked.target : asked.elt;
    place.parentNode.insertBefore(note, place);
    note.scrollIntoView({block: 'center'});
  }

  function said(answer) {
    var note = words.content.firstElementChild.cloneNode(true);
    var page = new DOMParser().parseFromString(answer.responseText || '', 'text/html');
    var title = page.querySelector('h1');
    var lead = page.querySelector('.lead');
    var text = note.querySelector('.note__title + p');
    if (title) note.querySelector('.note__title').textContent = title.textContent;
    if (title) text.textContent = lead ? lead.textContent : '';
    text.textContent = (text.textContent + ' ' + words.getAttribute('data-kept')).trim();
    note.setAttribute('data-unanswered-note', '');
    return note;
  }

  function forget() {
    var told = document.querySelector('[data-unanswered-note]');
    if (told) told.parentNode.removeChild(told);
  }
}());

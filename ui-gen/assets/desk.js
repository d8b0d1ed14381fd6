// What only the desk has. Nothing here is needed either: every page works without it.
(function () {
  "use strict";
  var each = function (selector, use) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), use);
  };

  // One box selects every row of the page.
  each("[data-all]", function (all) {
    all.hidden = false;
    all.addEventListener("change", function () {
      each("input[name=case]", function (box) { box.checked = all.checked; });
    });
  });

  // On a narrow screen the filters make way for what they found.
  each("[data-narrow]", function (details) {
    if (window.innerWidth < 800) { details.open = false; }
  });

  // j and k walk through the rows of a list while the focus is in it; a letter that did something everywhere
  // would do so for whoever speaks to the machine, too (WCAG 2.1.4).
  each(".inbox", function (list) {
    var rows = list.querySelectorAll("tbody th a");
    list.addEventListener("keydown", function (event) {
      if (!/^[jk]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) { return; }
      var row = event.target.closest("tbody tr");
      var at = row ? Array.prototype.indexOf.call(rows, row.querySelector("th a")) : -1;
      at = Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)));
      if (rows[at]) { rows[at].focus(); }
    });
  });

  // At the counter Enter goes to the next field, and sends nothing.
  each("form[data-enter]", function (form) {
    each("[data-keys]", function (help) { help.hidden = false; });
    form.addEventListener("keydown", function (event) {
      var here = event.target, all = form.elements, at = Array.prototype.indexOf.call(all, here);
      if (event.key !== "Enter" || !/^(text|tel|number|date|radio|checkbox|select-one)$/.test(here.type)) { return; }
      event.preventDefault();
      do { at += event.shiftKey ? -1 : 1; } while (all[at] && (all[at].name === here.name || !all[at].offsetParent || all[at].tagName === "FIELDSET"));
      if (all[at]) { all[at].focus(); }
    });
  });
})();

// Nothing here is needed: every page works without it.
(function () {
  "use strict";
  var each = function (selector, use) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), use);
  };

  // The error summary takes the focus, also where `autofocus` is not known on such an element.
  each(".problems", function (box) { box.focus(); });

  // A location fills the two boxes for latitude and longitude.
  each("[data-locate]", function (group) {
    var button = group.querySelector("[data-locate-button]");
    var name = group.getAttribute("data-locate");
    if (!button || !navigator.geolocation) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(function (found) {
        document.getElementById(name + ".lat").value = found.coords.latitude.toFixed(6);
        document.getElementById(name + ".long").value = found.coords.longitude.toFixed(6);
        button.disabled = false;
      }, function () { button.disabled = false; }, { enableHighAccuracy: true, timeout: 15000 });
    });
  });

  // One box selects every row of the page.
  each("[data-all]", function (all) {
    all.hidden = false;
    all.addEventListener("change", function () {
      each("input[name=case]", function (box) { box.checked = all.checked; });
    });
  });

  // Typing narrows a list that is already on the page.
  each("[data-filter]", function (input) {
    var list = document.getElementById(input.getAttribute("data-filter"));
    if (!list) { return; }
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase();
      Array.prototype.forEach.call(list.children, function (group) {
        var title = group.querySelector("h2").textContent.toLowerCase();
        var any = false;
        Array.prototype.forEach.call(group.querySelectorAll("li"), function (item) {
          var fits = (title + " " + item.textContent.toLowerCase()).indexOf(wanted) >= 0;
          item.hidden = !fits;
          any = any || fits;
        });
        group.hidden = !any;
      });
    });
  });

  // On a narrow screen the filters make way for what they found.
  each("[data-narrow]", function (details) {
    if (window.innerWidth < 800) { details.open = false; }
  });

  // j and k walk through the rows of a list; nothing happens while something is being typed.
  var rows = document.querySelectorAll(".inbox tbody th a");
  var at = -1;
  if (rows.length) {
    document.addEventListener("keydown", function (event) {
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) { return; }
      if (event.key === "j" || event.key === "k") {
        at = Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)));
        rows[at].focus();
      }
    });
  }

  // A few minutes before the session ends one is asked to stay; what was typed stays on the page.
  each("#stay", function (box) {
    var form = box.querySelector("form");
    var ends;
    var left = function (seconds) { ends = Date.now() + (seconds > 300 ? seconds : 1e9) * 1e3; };
    left(+box.getAttribute("data-left"));
    setInterval(function () {
      if (box.showModal && ends - Date.now() < 3e5) { left(0); box.showModal(); }
    }, 5e3);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).then(function (answer) {
        return answer.ok ? answer.text() : 0;
      }).then(function (seconds) { left(+seconds); box.close(); });
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

  // A second press of the same button within two seconds is a slip of the finger.
  each("form[method=post]", function (form) {
    var last = 0;
    form.addEventListener("submit", function (event) {
      var now = Date.now();
      if (now - last < 2000) { event.preventDefault(); }
      last = now;
    });
  });
})();

// The arrows of the navigation show no words; a screen reader needs some.
document.addEventListener("DOMContentLoaded", () => {
  for (const arrow of document.querySelectorAll("nav summary")) {
    arrow.setAttribute("aria-label", "Show or hide the pages below");
  }
});

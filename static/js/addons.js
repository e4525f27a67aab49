// An add-on that does not go with a chosen one turns grey and says why; the server refuses it as well.
export function greyClashes() {
  const ticks = [...document.querySelectorAll("input[name=addon][data-not-with]")];
  const look = () => {
    const chosen = ticks.filter(tick => tick.checked);
    for (const tick of ticks) {
      const against = tick.dataset.notWith.split(" ").filter(Boolean);
      const clash = chosen.find(other => other !== tick && (against.includes(slug(other)) || other.dataset.notWith.split(" ").includes(slug(tick))));
      tick.disabled = Boolean(clash) && !tick.checked;
    }
  };
  for (const tick of ticks) tick.addEventListener("change", look);
  if (ticks.length) look();
}

function slug(tick) {
  return tick.value.split(":")[0];
}

// The phone's camera reads a code into the scan field, where the browser can; typing and a USB scanner always work.
const FORMATS = ["ean_13", "ean_8", "upc_a", "code_128", "data_matrix", "qr_code"];
const PAUSE = 150;

export async function offerCamera() {
  const forms = document.querySelectorAll("form[data-scan]");
  if (!forms.length || !("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const known = await BarcodeDetector.getSupportedFormats();
  const formats = FORMATS.filter((format) => known.includes(format));
  if (formats.length) for (const form of forms) addButton(form, new BarcodeDetector({ formats }));
}

function addButton(form, detector) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet";
  button.textContent = "Use the camera";
  button.addEventListener("click", () => look(form, detector));
  form.querySelector("[type=submit]").after(button);
}

async function look(form, detector) {
  const dialog = document.createElement("dialog");
  dialog.className = "camera";
  dialog.setAttribute("aria-label", "Camera");
  dialog.innerHTML = '<video playsinline muted></video><p role="status">Hold the code before the camera.</p><form method="dialog"><button class="button button-quiet">Close</button></form>';
  document.body.append(dialog);
  const video = dialog.querySelector("video");
  let stream;
  dialog.addEventListener("close", () => {
    stream?.getTracks().forEach((track) => track.stop());
    dialog.remove();
  });
  dialog.showModal();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    await video.play();
    const code = await found(video, detector, dialog);
    if (code) send(form, code);
  } catch {
    dialog.querySelector("p").textContent = "The camera cannot be used here. Type the figures under the bars.";
    return;
  }
  if (dialog.open) dialog.close();
}

async function found(video, detector, dialog) {
  while (dialog.open) {
    const [first] = await detector.detect(video);
    if (first?.rawValue) return first.rawValue;
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  return "";
}

function send(form, code) {
  form.elements.code.value = code;
  form.requestSubmit();
}

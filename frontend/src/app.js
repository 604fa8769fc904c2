// Every module listens on the document, so that what HTMX puts into the page works as well.
import { startBack } from "./back.js";
import { startCopy } from "./copy.js";
import { startDialogs } from "./dialog.js";
import { startDue } from "./due.js";
import { startFiles } from "./files.js";
import { startGo } from "./go.js";
import { startKeep } from "./keep.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menu.js";
import { startNext } from "./next.js";
import { startOnce } from "./once.js";
import { startPreview } from "./preview.js";
import { startToasts } from "./toast.js";

startKeep();
startOnce();
startKeys();
startNext();
startDue();
startDialogs();
startMenus();
startCopy();
startFiles();
startBack();
startPreview();
startToasts();
startGo();

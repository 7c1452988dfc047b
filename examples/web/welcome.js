import { leave } from "./leave.js";
import { isSignedIn } from "./session.js";

if (isSignedIn()) leave("notes");

import "./compiler";
import "./sources";
import "./types";

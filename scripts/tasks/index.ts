import "./compiler";
import "./genesis";
import "./sources";
import "./types";

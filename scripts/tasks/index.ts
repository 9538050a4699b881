import "./bridge";
import "./compiler";
import "./genesis";
import "./sources";
import "./switch";
import "./types";

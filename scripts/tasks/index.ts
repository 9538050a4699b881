import "./bridge";
import "./compiler";
import "./deploy";
import "./genesis";
import "./sources";
import "./switch";
import "./types";

// What the CDKTF CLI runs is the command `synth`.
import "./commands/synth";

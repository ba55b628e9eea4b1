"""The starter composer: a grammar of notes, a small transformer on ONNX Runtime, and rules that keep bars whole."""

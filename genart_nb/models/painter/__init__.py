"""The starter painter: pictures from a small model that ships here, on ONNX Runtime and numpy alone."""

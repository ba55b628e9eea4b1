"""Any diffusers text-to-image pipeline as a picture model: `painter` is the way in, and imports torch."""

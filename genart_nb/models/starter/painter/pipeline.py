"""What diffusers reads to build the pipeline of this folder."""

from genart_nb.models.painter.pipeline import PainterPipeline

__all__ = ["PainterPipeline"]

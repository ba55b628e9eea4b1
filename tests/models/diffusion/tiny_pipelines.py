"""Diffusers pipelines small enough to build in a test: random weights, tokenizers of single letters, no network."""

from __future__ import annotations

import functools
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = list(string.ascii_lowercase + string.digits + ",.'-!")
SIZE = 32
"""Pixels that every tiny pipeline but Sana paints by itself."""


def build(family: str, folder: Path) -> Path:
    """Save one of FAMILIES below `folder`, and return where."""
    import torch

    torch.manual_seed(0)
    place = folder / family
    FAMILIES[family]().save_pretrained(place, safe_serialization=True)
    return place


@functools.cache
def clip_tokenizer() -> Any:
    from transformers import CLIPTokenizer

    names = ["<|startoftext|>", "<|endoftext|>", *WORDS, *(f"{each}</w>" for each in WORDS)]
    return CLIPTokenizer(vocab={name: at for at, name in enumerate(names)}, merges=[], model_max_length=16)


@functools.cache
def t5_tokenizer() -> Any:
    from transformers import T5Tokenizer

    names = ["<pad>", "</s>", "<unk>", "▁", *WORDS]
    return T5Tokenizer(vocab=[(name, -1.0) for name in names], extra_ids=0, model_max_length=32)


@functools.cache
def gemma_tokenizer() -> Any:
    from transformers import GemmaTokenizer

    names = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", "\n", *WORDS]
    return GemmaTokenizer(vocab={name: at for at, name in enumerate(names)}, merges=[])


def clip_text(width: int = 16, projected: bool = False, act: str = "quick_gelu") -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    config = CLIPTextConfig(
        vocab_size=len(clip_tokenizer()), hidden_size=width, intermediate_size=32, num_hidden_layers=2,
        num_attention_heads=2, max_position_embeddings=16, projection_dim=width, bos_token_id=0, eos_token_id=1,
        pad_token_id=1, hidden_act=act,
    )  # fmt: skip
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config).eval()


def t5_text(width: int = 16) -> Any:
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(
        T5Config(vocab_size=len(t5_tokenizer()), d_model=width, d_kv=8, d_ff=32, num_layers=1, num_heads=2)
    ).eval()


def vae(channels: int = 4, levels: int = 2, **config: Any) -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(8,) * levels, layers_per_block=1, latent_channels=channels, norm_num_groups=4,
        down_block_types=("DownEncoderBlock2D",) * levels, up_block_types=("UpDecoderBlock2D",) * levels,
        sample_size=SIZE, **config,
    )  # fmt: skip


def unet(cross: int, **config: Any) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=SIZE // 2, block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=cross, attention_head_dim=4, **config,
    )  # fmt: skip


def sd15(checker: bool = False) -> Any:
    from diffusers import PNDMScheduler, StableDiffusionPipeline

    scheduler = PNDMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", skip_prk_steps=True, steps_offset=1
    )
    guard = safety() if checker else (None, None)
    return StableDiffusionPipeline(
        vae(), clip_text(), clip_tokenizer(), unet(16), scheduler, *guard, requires_safety_checker=checker
    )


def sd15_guarded() -> Any:
    """Stable Diffusion with a safety checker that flags everything."""
    pipe = sd15(checker=True)
    pipe.safety_checker.concept_embeds_weights.data.fill_(-2.0)
    pipe.safety_checker.special_care_embeds_weights.data.fill_(-2.0)
    return pipe


def lcm() -> Any:
    """A latent consistency model, which takes its guidance as an input, once."""
    from diffusers import LatentConsistencyModelPipeline, LCMScheduler

    return LatentConsistencyModelPipeline(
        vae(), clip_text(), clip_tokenizer(), unet(16, time_cond_proj_dim=8), LCMScheduler(), None, None,
        requires_safety_checker=False,
    )  # fmt: skip


def safety() -> tuple[Any, Any]:
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import CLIPConfig, CLIPImageProcessor

    config = CLIPConfig(
        text_config={"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2},
        vision_config={"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
                       "image_size": 32, "patch_size": 16},
        projection_dim=16,
    )  # fmt: skip
    sizes = {"size": {"shortest_edge": 32}, "crop_size": {"height": 32, "width": 32}}
    return StableDiffusionSafetyChecker(config), CLIPImageProcessor(**sizes)


def sdxl() -> Any:
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline

    return StableDiffusionXLPipeline(
        vae(), clip_text(), clip_text(projected=True, act="gelu"), clip_tokenizer(), clip_tokenizer(),
        unet(32, addition_embed_type="text_time", addition_time_embed_dim=8,
             projection_class_embeddings_input_dim=16 + 6 * 8),
        EulerDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"),
        add_watermarker=False,
    )  # fmt: skip


def sd3() -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline

    transformer = SD3Transformer2DModel(
        sample_size=SIZE // 2, patch_size=2, in_channels=4, num_layers=1, attention_head_dim=8, num_attention_heads=2,
        joint_attention_dim=32, caption_projection_dim=16, pooled_projection_dim=32, out_channels=4,
    )  # fmt: skip
    return StableDiffusion3Pipeline(
        transformer, FlowMatchEulerDiscreteScheduler(shift=3.0), vae(shift_factor=0.06, scaling_factor=1.5),
        clip_text(projected=True), clip_tokenizer(), clip_text(projected=True, act="gelu"), clip_tokenizer(),
        t5_text(32), t5_tokenizer(),
    )  # fmt: skip


def flux(distilled: bool = True) -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel

    transformer = FluxTransformer2DModel(
        in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=16, pooled_projection_dim=16, guidance_embeds=distilled, axes_dims_rope=(4, 4, 8),
    )  # fmt: skip
    return FluxPipeline(
        FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True), vae(shift_factor=0.1, scaling_factor=0.4),
        clip_text(), clip_tokenizer(), t5_text(), t5_tokenizer(), transformer,
    )  # fmt: skip


def schnell() -> Any:
    """Flux without a guidance input."""
    return flux(distilled=False)


def sana() -> Any:
    from diffusers import AutoencoderDC, DPMSolverMultistepScheduler, SanaPipeline, SanaTransformer2DModel
    from transformers import Gemma2Config, Gemma2Model

    text = Gemma2Model(
        Gemma2Config(vocab_size=len(gemma_tokenizer()), hidden_size=16, intermediate_size=32, num_hidden_layers=1,
                     num_attention_heads=2, num_key_value_heads=1, head_dim=8)
    ).eval()  # fmt: skip
    coder = AutoencoderDC(
        in_channels=3, latent_channels=4, attention_head_dim=2, encoder_block_types=("ResBlock", "EfficientViTBlock"),
        decoder_block_types=("ResBlock", "EfficientViTBlock"), encoder_block_out_channels=(8, 8),
        decoder_block_out_channels=(8, 8), encoder_qkv_multiscales=((), (5,)), decoder_qkv_multiscales=((), (5,)),
        encoder_layers_per_block=(1, 1), decoder_layers_per_block=(1, 1), downsample_block_type="conv",
        upsample_block_type="interpolate", decoder_norm_types="rms_norm", decoder_act_fns="silu", scaling_factor=0.41,
    )  # fmt: skip
    transformer = SanaTransformer2DModel(
        in_channels=4, out_channels=4, num_attention_heads=2, attention_head_dim=4, num_layers=1,
        num_cross_attention_heads=2, cross_attention_head_dim=4, cross_attention_dim=8, caption_channels=16,
        sample_size=32, patch_size=1,
    )  # fmt: skip
    scheduler = DPMSolverMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0)
    return SanaPipeline(gemma_tokenizer(), text, coder, transformer, scheduler)


def pixart() -> Any:
    from diffusers import DPMSolverMultistepScheduler, PixArtAlphaPipeline, PixArtTransformer2DModel

    transformer = PixArtTransformer2DModel(
        sample_size=SIZE // 2, num_layers=1, patch_size=2, attention_head_dim=8, num_attention_heads=2,
        caption_channels=16, in_channels=4, cross_attention_dim=16, out_channels=8, num_embeds_ada_norm=1000,
        use_additional_conditions=False, norm_type="ada_norm_single",
    )  # fmt: skip
    return PixArtAlphaPipeline(t5_tokenizer(), t5_text(), vae(), transformer, DPMSolverMultistepScheduler())


FAMILIES: dict[str, Callable[[], Any]] = {
    "sd15": sd15, "sdxl": sdxl, "sd3": sd3, "flux": flux, "sana": sana, "pixart": pixart, "schnell": schnell,
    "sd15_guarded": sd15_guarded, "lcm": lcm,
}  # fmt: skip


def save_lora(family: str, pipeline: Path, folder: Path) -> Path:
    """Save a random LoRA for a family's denoiser, and return its file."""
    import torch
    from diffusers import DiffusionPipeline
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    torch.manual_seed(1)
    pipe = DiffusionPipeline.from_pretrained(pipeline)
    part = "unet" if hasattr(pipe, "unet") else "transformer"
    module = getattr(pipe, part)
    module.add_adapter(LoraConfig(r=2, lora_alpha=2, init_lora_weights=False, target_modules=["to_q", "to_v"]))
    layers = {f"{part}_lora_layers": get_peft_model_state_dict(module)}
    type(pipe).save_lora_weights(folder / f"lora-{family}", **layers, safe_serialization=True)
    return folder / f"lora-{family}" / "pytorch_lora_weights.safetensors"

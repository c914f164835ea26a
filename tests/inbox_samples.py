"""Questions that a course asks and no answer covers, each topic in several wordings."""

from collections.abc import Mapping
from types import MappingProxyType

CHOSEN_ON: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "exam date": (
            "when is the exam",
            "exam date?",
            "what date is the final exam",
            "on which day do we write the exam",
        ),
        "exam room": (
            "where is the exam",
            "in which room is the exam?",
            "exam room",
            "which room for the exam",
        ),
        "homework deadline": (
            "when is homework 3 due",
            "deadline for homework 3?",
            "until when can we hand in homework 3",
            "what is the deadline of the third homework",
        ),
        "late homework": (
            "can I hand in my homework late",
            "is late submission of homework allowed?",
            "what happens if I submit the homework late",
        ),
        "slides": ("where are the slides", "where can I find the lecture slides?", "link to the slides pls"),
        "recording": (
            "are the lectures recorded",
            "is there a recording of the lecture",
            "where are the lecture recordings?",
        ),
        "gpu": (
            "how do I get a gpu on colab",
            "colab gpu not available",
            "no gpu in google colab, what to do",
        ),
        "install torch": (
            "how to install pytorch on windows",
            "installing pytorch on windows fails",
            "pytorch installation windows?",
        ),
        "transformer attention": (
            "what is self attention",
            "explain self-attention to me",
            "how does self attention work?",
        ),
        "gan collapse": (
            "what is mode collapse in a gan",
            "why does my gan suffer from mode collapse",
            "gan mode collapse?",
        ),
        "tokenizer": ("what is a tokenizer", "how does a tokenizer work", "tokenizers - what are they"),
        "diffusion": (
            "how do diffusion models work",
            "explain diffusion models",
            "what is a diffusion model?",
        ),
        "office hours": ("when are office hours", "office hours?", "at what time are your office hours"),
        "group size": (
            "how many people can be in a project group",
            "max group size for the project?",
            "can we do the project in groups of four",
        ),
    }
)
"""The thresholds of `bot.inbox.grouping` were chosen on these."""

HELD_OUT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "grading": (
            "how is the course graded",
            "grading scheme of the course?",
            "how do you grade this course",
        ),
        "retake": (
            "can I retake the exam",
            "is there a retake exam?",
            "what if I fail, can I retake the exam",
        ),
        "cheat sheet": (
            "is a cheat sheet allowed in the exam",
            "can we bring a cheat sheet to the exam?",
            "cheat sheet allowed?",
        ),
        "zoom": ("what is the zoom link", "zoom link for the lecture?", "can someone send the zoom link"),
        "textbook": (
            "which textbook do we use",
            "what is the textbook for this course?",
            "is there a textbook",
        ),
        "python version": (
            "which python version do we need",
            "what version of python should I use?",
            "python version?",
        ),
        "cuda memory": (
            "cuda out of memory error",
            "I get CUDA out of memory, what can I do",
            "how to fix cuda out of memory?",
        ),
        "word embeddings": (
            "what are word embeddings",
            "explain word embeddings",
            "how do word embeddings work?",
        ),
        "beam search": ("what is beam search", "how does beam search work", "beam search explained pls"),
        "q learning": (
            "what is q-learning",
            "how does q learning work?",
            "can somebody explain q learning",
        ),
        "autoencoder": (
            "what is a variational autoencoder",
            "how does a variational autoencoder work?",
            "explain variational autoencoders",
        ),
        "lora": ("what is lora fine-tuning", "how does lora fine tuning work", "LoRA finetuning?"),
        "project topic": (
            "can we choose our own project topic",
            "are we free to choose the project topic?",
            "own topic for the project allowed?",
        ),
        "poster": (
            "when is the poster session",
            "poster session date?",
            "at what time is the poster session",
        ),
    }
)
"""And tried on these, which had no part in that."""

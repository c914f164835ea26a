"""The words of the grammar: every knob of a simulation, its values and how it is spelled.

A knob is one row of this file; `sim.spec` has the field of the same name.
"""

from sim.knobs import Choice, Knob, Number


def _synonyms(pairs: str) -> dict[str, str]:
    """Read "spelling=word spelling=word"."""
    return dict(pair.split("=") for pair in pairs.split())


ACTIVATIONS = (
    *("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu"),
    *("gelu", "silu", "softplus", "softsign", "hardtanh", "noisy_relu"),
)
RECURRENT = ("rnn", "lstm", "gru")
SEQUENTIAL = (*RECURRENT, "transformer")
"""The architectures whose examples are sequences: of time steps or of tokens."""

KNOBS: tuple[Knob, ...] = (
    Choice(
        key="arch",
        words=("mlp", "cnn", *RECURRENT, "transformer", "logistic"),
        default="mlp",
        help="the architecture",
        synonyms=_synonyms(
            "dense_net=mlp feedforward=mlp fnn=mlp dnn=mlp conv=cnn convnet=cnn"
            " convolutional=cnn recurrent=rnn logreg=logistic"
        ),
    ),
    Number(
        key="depth", low=1, high=200, default=20, whole=True, help="hidden layers (time steps if recurrent)"
    ),
    Number(key="width", low=1, high=1024, default=64, whole=True, help="units or channels per layer"),
    Choice(
        key="activation",
        words=ACTIVATIONS,
        default="sigmoid",
        help="the non-linearity",
        synonyms=_synonyms(
            "identity=linear logistic_sigmoid=sigmoid rectifier=relu leakyrelu=leaky_relu"
            " leaky=leaky_relu lrelu=leaky_relu swish=silu hard_tanh=hardtanh"
            " noisyrelu=noisy_relu"
        ),
    ),
    Number(key="slope", low=0, high=1, default=0.01, help="negative slope of leaky_relu"),
    Choice(
        key="init",
        words=("glorot", "he", "lecun", "orthogonal", "lsuv", "torch", "heuristic", "normal", "zeros"),
        default="glorot",
        help="how the weights are drawn",
        synonyms=_synonyms("xavier=glorot kaiming=he pytorch=torch gaussian_init=normal"),
    ),
    Number(
        key="gain", low=0, high=1000, default=1, exclusive_low=True, help="multiplier of the initial weights"
    ),
    Number(key="std", low=0, high=100, default=0.01, help="standard deviation of init=normal"),
    Choice(
        key="norm",
        words=("none", "batch", "layer", "group", "rms"),
        default="none",
        help="the normalisation layer",
        synonyms=_synonyms(
            "batchnorm=batch batch_norm=batch bn=batch layernorm=layer layer_norm=layer"
            " ln=layer groupnorm=group group_norm=group gn=group rmsnorm=rms rms_norm=rms"
        ),
    ),
    Choice(
        key="skip",
        words=("none", "residual", "highway", "dense"),
        default="none",
        help="the skip connection",
        synonyms=_synonyms("resnet=residual res=residual densenet=dense"),
    ),
    Choice(key="order", words=("pre", "post"), default="pre", help="normalisation before or after"),
    Number(key="residual_scale", low=0, high=100, default=1, help="a of the residual branch: x + a·F(x)"),
    Number(key="transform_bias", low=-20, high=20, default=-2, help="bias of a highway's transform gate"),
    Choice(
        key="padding",
        words=("zeros", "circular"),
        default="zeros",
        help="what a convolution sees beyond the edge",
        synonyms=_synonyms("zero=zeros wrap=circular"),
    ),
    Number(
        key="kernel", low=1, high=15, default=3, whole=True, odd=True, help="side of the convolution kernel"
    ),
    Number(key="image", low=1, high=64, default=8, whole=True, help="side of the image in pixels"),
    Number(key="forget_bias", low=-20, high=20, default=0, help="gate bias of lstm and gru"),
    Choice(
        key="loss",
        words=("bce", "mse", "ce"),
        default="bce",
        help="the loss",
        synonyms=_synonyms("cross_entropy=ce crossentropy=ce squared=mse squared_error=mse"),
    ),
    Choice(
        key="data",
        words=("blobs", "spirals", "xor", "parity", "gaussian", "digits", "cancer", "recall"),
        default="gaussian",
        help="the data set",
        synonyms=_synonyms("blob=blobs spiral=spirals noise=gaussian mnist=digits breast_cancer=cancer"),
    ),
    Number(key="batch", low=2, high=4096, default=64, whole=True, help="examples"),
    Number(key="seeds", low=1, high=256, default=16, whole=True, help="replicas: independent networks"),
    Number(key="seed", low=0, high=2**31 - 1, default=0, whole=True, help="the first seed"),
    Number(key="steps", low=0, high=100_000, default=0, whole=True, help="training steps; 0 = untrained"),
    Choice(
        key="optimizer",
        words=("sgd", "adam", "rmsprop"),
        default="sgd",
        help="the training rule",
        synonyms=_synonyms("gd=sgd"),
    ),
    Number(key="lr", low=0, high=1000, default=0.1, exclusive_low=True, help="the learning rate"),
    Number(key="momentum", low=0, high=0.999, default=0, help="momentum of sgd"),
    Number(
        key="clip",
        low=0,
        high=1e6,
        default=None,
        none=True,
        exclusive_low=True,
        help="clip the norm of the whole gradient",
    ),
    Number(
        key="clip_value",
        low=0,
        high=1e6,
        default=None,
        none=True,
        exclusive_low=True,
        help="clip every entry of the gradient",
    ),
    Number(
        key="layer_lr",
        low=0,
        high=1000,
        default=None,
        none=True,
        exclusive_low=True,
        help="learning rate multiplier per layer towards the input",
    ),
    Choice(
        key="pretrain",
        words=("none", "greedy"),
        default="none",
        help="layer-wise pretraining",
        synonyms=_synonyms("layerwise=greedy"),
    ),
    Choice(
        key="precision",
        words=("float64", "float32", "bfloat16", "float16"),
        default="float32",
        help="the floating-point type",
        synonyms=_synonyms(
            "fp64=float64 double=float64 fp32=float32 single=float32 bf16=bfloat16 fp16=float16 half=float16"
        ),
    ),
    Number(
        key="input_scale",
        low=0,
        high=1e6,
        default=1,
        exclusive_low=True,
        help="standard deviation of the inputs",
    ),
)

BY_KEY: dict[str, Knob] = {knob.key: knob for knob in KNOBS}
KEY_SYNONYMS = _synonyms(
    "architecture=arch model=arch network=arch layers=depth hidden=width units=width"
    " channels=width act=activation nonlinearity=activation initialization=init"
    " initialisation=init normalization=norm normalisation=norm batch_size=batch"
    " replicas=seeds learning_rate=lr opt=optimizer optimiser=optimizer"
    " dtype=precision dataset=data"
)
HIDDEN_ONLY = frozenset(
    (
        *("depth", "width", "activation", "slope", "init", "gain", "std", "norm", "skip", "order"),
        *("residual_scale", "transform_bias", "pretrain"),
    )
)
"""Knobs that do nothing without a hidden layer."""


def _bare_words() -> dict[str, tuple[tuple[str, str], ...]]:
    """Map every choice word to the (key, word) pairs it could mean without its key."""
    meanings: dict[str, tuple[tuple[str, str], ...]] = {}
    for knob in KNOBS:
        if isinstance(knob, Choice):
            spellings = {word: word for word in knob.words} | dict(knob.synonyms)
            for spelling, word in spellings.items():
                meanings[spelling] = (*meanings.get(spelling, ()), (knob.key, word))
    return meanings


BARE_WORDS = _bare_words()

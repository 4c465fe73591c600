"""Transfer learning: pretrain on an auxiliary task, freeze the hidden layer, fine-tune on few samples."""

from statistics import mean

from nn.data import circles
from nn.modules import MLP, Layer
from nn.optimizers import Adam
from nn.prediction import predict
from nn.training import fit

SEEDS = range(5)
LOSS = "binary_cross_entropy_with_logits"
FEW = 6


def train(model, X, y, epochs, seed):
    optimizer = Adam(model.trainable_parameters(), learning_rate=0.05)
    fit(
        model, X, y, loss=LOSS, optimizer=optimizer, epochs=epochs, batch_size=8, seed=seed, progress=False,
        compiled=True,
    )  # fmt: skip


def accuracy(model, X, y):
    return float((predict(model, X) == y).mean())


def test_features_of_another_task_help_where_samples_are_few():
    """The auxiliary task tells inner from outer points; the task at hand names them the other way round."""
    transferred, from_scratch = [], []
    for seed in SEEDS:
        much, few, unseen = (circles(n, noise=0.1, seed=seed + 100 * i) for i, n in enumerate((120, FEW, 200)))
        model = MLP(2, [8, 1], seed=seed)
        train(model, much.X, much.y, 15, seed)
        model.layers[0].freeze()
        model.layers[1] = Layer(8, 1, activation="linear", initializer="zeros")
        hidden = model.layers[0].state_dict()
        train(model, few.X, 1 - few.y, 60, seed)
        assert model.layers[0].state_dict() == hidden
        transferred.append(accuracy(model, unseen.X, 1 - unseen.y))
        scratch = MLP(2, [8, 1], seed=seed)
        train(scratch, few.X, 1 - few.y, 60, seed)
        from_scratch.append(accuracy(scratch, unseen.X, 1 - unseen.y))
    # Measured: 0.97 against 0.80, and every seed alike; the margin is a third of the gap.
    assert mean(transferred) > mean(from_scratch) + 0.06

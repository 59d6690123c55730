"""The recipes of docs/losses.md, with a tiny model."""

import pytest

torch = pytest.importorskip("torch")
losses = pytest.importorskip("likeliest.losses.torch")

CLASSES = 61


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


@pytest.fixture(scope="module")
def llama():
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=CLASSES,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=32,
    )
    return transformers.LlamaForCausalLM(config)


def loss_of(model, batch, count=None):
    hidden = model.model(
        batch["input_ids"], attention_mask=batch["attention_mask"]
    ).last_hidden_state
    return losses.linear_cross_entropy(
        hidden[:, :-1], model.lm_head.weight, batch["labels"][:, 1:], count=count
    )


def batch_of(lengths, size=12):
    ids = torch.randint(CLASSES, (len(lengths), size))
    mask = (torch.arange(size) < torch.tensor(lengths)[:, None]).long()
    labels = ids.masked_fill(mask == 0, -100)
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def gradients(model):
    found = [parameter.grad.clone() for parameter in model.parameters()]
    model.zero_grad()
    return found


def test_hugging_face(llama):
    batch = batch_of([12, 7, 3])
    theirs = llama(**batch).loss
    theirs.backward()
    expected = gradients(llama)
    ours = loss_of(llama, batch)
    ours.backward()
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(gradients(llama), expected, rtol=1e-4, atol=1e-6)


def test_accumulated_gradients_are_those_of_the_whole_batch(llama):
    whole = batch_of([12, 7, 3, 2])
    parts = [{name: part[rows] for name, part in whole.items()} for rows in ([0], [1, 2, 3])]
    loss_of(llama, whole).backward()
    expected = gradients(llama)
    count = sum((part["labels"][:, 1:] != -100).sum() for part in parts)
    for part in parts:
        loss_of(llama, part, count).backward()
    torch.testing.assert_close(gradients(llama), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.filterwarnings("ignore")  # what importing it and its trainer warn about is not ours
def test_lightning():
    lightning = pytest.importorskip("lightning")

    class Model(lightning.LightningModule):
        def __init__(self, classes, features):
            super().__init__()
            self.body = torch.nn.Embedding(classes, features)
            self.head = losses.LinearCrossEntropyLoss(features, classes)
            self.seen = []

        def training_step(self, batch, batch_idx):
            x, y = batch
            loss = self.head(self.body(x), y)
            self.seen.append(loss.item())
            return loss

        def configure_optimizers(self):
            return torch.optim.AdamW(self.parameters(), lr=0.1)

    # Each symbol is followed by the next: a bigram model learns that at once.
    x = torch.arange(CLASSES)
    data = torch.utils.data.TensorDataset(x, (x + 1) % CLASSES)
    model = Model(CLASSES, 16)
    trainer = lightning.Trainer(
        max_epochs=30,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(model, torch.utils.data.DataLoader(data, batch_size=CLASSES))
    assert model.seen[0] > 4.0
    assert model.seen[-1] < 0.1

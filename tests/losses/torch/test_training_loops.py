"""The recipes of docs/losses.md, run as they stand with a tiny model."""

import pytest

from pages import recipe

torch = pytest.importorskip("torch")
losses = pytest.importorskip("likeliest.losses.torch")

PAGE, CLASSES = "losses.md", 61


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


class Kept:
    """An optimizer that keeps the gradients of each step."""

    def __init__(self, model):
        self.model, self.steps = model, []

    def step(self):
        self.steps.append([parameter.grad.clone() for parameter in self.model.parameters()])

    def zero_grad(self):
        self.model.zero_grad()


def trained(model, loader):
    """Run the loop of the page; return its loss function and the gradients of each step."""
    kept = Kept(model)
    made = recipe(PAGE, "loss_of", model=model, loader=loader, optimizer=kept, losses=losses)
    return made["loss_of"], kept.steps


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
    loss_of, _ = trained(llama, [])
    ours = loss_of(llama, batch)
    ours.backward()
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(gradients(llama), expected, rtol=1e-4, atol=1e-6)


def test_accumulated_gradients_are_those_of_the_whole_batch(llama):
    whole = batch_of([12, 7, 3, 2])
    parts = [{name: part[rows] for name, part in whole.items()} for rows in ([0], [1, 2, 3])]
    llama(**whole).loss.backward()
    expected = gradients(llama)
    _, [found] = trained(llama, [parts])
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.filterwarnings("ignore")  # what importing it and its trainer warn about is not ours
def test_lightning():
    lightning = pytest.importorskip("lightning")

    seen = []

    class Model(
        recipe(PAGE, "Lightning", torch=torch, losses=losses, lightning=lightning)["Model"]
    ):
        def training_step(self, batch, batch_idx):
            loss = super().training_step(batch, batch_idx)
            seen.append(loss.item())
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
    assert seen[0] > 4.0
    assert seen[-1] < 0.1

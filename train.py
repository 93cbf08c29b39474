"""python train.py --corpus FILE... --output models/mine

Train a model on labelled documents; without options, on the corpus in data/.
"""

from pathlib import Path

from linesift.cli.train import train

if __name__ == "__main__":
    train(obj=Path(__file__).resolve().parent)

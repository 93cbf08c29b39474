"""python predict.py page.txt

Print the article of a web page's text; see --help for the other forms.
"""

from linesift.cli.predict import predict

if __name__ == "__main__":
    predict()

"""What an article is, and what its files look like."""

from indexer.articles.article import Article, ArticleError, check_id

__all__ = ["Article", "ArticleError", "check_id"]
